/** All messages of the program. Names and answers of AWS are escaped here, so that they cannot control the terminal. */
import * as pulumi from "@pulumi/pulumi";
import { printableLines } from "pulumi-aws-root-credentials";

export function info(message: string, resource?: pulumi.Resource): void {
    void pulumi.log.info(printableLines(message), resource);
}

export function warn(message: string, resource?: pulumi.Resource): void {
    void pulumi.log.warn(printableLines(message), resource);
}

/** @param lines with Pulumi's colour tags; all other text in them is already escaped */
export function infoInColours(lines: string[]): void {
    void pulumi.log.info(lines.join("\n"));
}
