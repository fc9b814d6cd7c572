/** A dynamic provider that stores the outputs of a clean account after `inspect`. */

export interface Inputs {
    accountId: string;
}

const CLEAN = {
    loginProfile: "absent",
    accessKeys: [],
    signingCertificates: [],
    mfaDevices: [],
    auditError: "",
};
const FOUND = {
    ...CLEAN,
    auditErrorDetail: "",
    evidence: {},
    organizationId: "o-simulated1",
    __observedInRun: "1",
};

export function accountProvider(inspect: (accountId: string) => Promise<void>) {
    const outputs = async (inputs: Inputs) => {
        await inspect(inputs.accountId);
        return { ...inputs, ...FOUND };
    };
    return {
        check: (_olds: unknown, news: Inputs) => Promise.resolve({ inputs: { ...news, ...CLEAN } }),
        diff: () => Promise.resolve({ changes: false }),
        read: async (id: string, props: Inputs) => ({
            id,
            props: await outputs(props),
            inputs: { ...props, ...CLEAN },
        }),
        create: async (inputs: Inputs) => ({ id: inputs.accountId, outs: await outputs(inputs) }),
        update: async (_id: string, _olds: unknown, news: Inputs) => ({ outs: await outputs(news) }),
        delete: () => Promise.resolve(),
    };
}
