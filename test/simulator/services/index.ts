import type { Service } from "../action-names";
import type { Action } from "../call";
import { IAM_ACTIONS } from "./iam";
import { ORGANIZATIONS_ACTIONS } from "./organizations";
import { S3_ACTIONS } from "./s3";
import { SQS_ACTIONS } from "./sqs";
import { STS_ACTIONS } from "./sts";

/** What each service can be asked, by the action's name. */
export const ACTIONS: Record<Service, Readonly<Record<string, Action | undefined>>> = {
    sts: STS_ACTIONS,
    iam: IAM_ACTIONS,
    organizations: ORGANIZATIONS_ACTIONS,
    s3: S3_ACTIONS,
    sqs: SQS_ACTIONS,
};
