/** Messages of the program. All of them go through here, so that no name or answer of AWS is more than text in them. */
import * as pulumi from "@pulumi/pulumi";
import { printableLines } from "pulumi-aws-root-credentials";

export function info(message: string, resource?: pulumi.Resource): void {
    void pulumi.log.info(printableLines(message), resource);
}

export function warn(message: string, resource?: pulumi.Resource): void {
    void pulumi.log.warn(printableLines(message), resource);
}

/** @param lines in Pulumi's colour tags; all other text in them is printable already */
export function infoInColours(lines: string[]): void {
    void pulumi.log.info(lines.join("\n"));
}
