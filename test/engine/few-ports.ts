/** Runs a script of this folder in a network of its own. The system has 64 ports there, so it gives each port again and again. */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";

const PORTS = "40000 40063";
/** The second setting has the system give a port again as soon as its connections are closed, and not after a minute. */
const SET_UP = `set -e; ip link set lo up
echo ${PORTS} > /proc/sys/net/ipv4/ip_local_port_range
echo 0 > /proc/sys/net/ipv4/tcp_max_tw_buckets`;
const NETWORK = ["unshare", "--map-root-user", "--net", "bash", "-c"] as const;
/** True where the system lets this user make such a network: on Linux, if neither a container nor a policy forbids it. */
export function canLimitPorts(): boolean {
    const [command, ...args] = NETWORK;
    return spawnSync(command, [...args, SET_UP]).status === 0;
}

/** Answers what the script printed, a value for each line of its output. Rejects, with all that it printed, if it fails. */
export function withFewPorts<Line>(script: string): Promise<Line[]> {
    const [command, ...args] = NETWORK;
    const run = `${SET_UP}; exec "$0" "$1"`;
    return new Promise((resolve, reject) => {
        const options = { timeout: 600_000, killSignal: "SIGKILL", maxBuffer: 64 * 1024 * 1024 } as const;
        execFile(
            command,
            [...args, run, process.execPath, join(__dirname, script)],
            options,
            (error, stdout, stderr) => {
                if (error) reject(new Error(`${error.message}\n${stdout}${stderr}`));
                else
                    resolve(
                        stdout
                            .split("\n")
                            .filter(Boolean)
                            .map((line) => JSON.parse(line) as Line),
                    );
            },
        );
    });
}
