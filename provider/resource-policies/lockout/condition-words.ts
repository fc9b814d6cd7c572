/** Conditions in words. */
import type { Answer, Finding } from "./answer";
import type { Condition } from "./condition";
import type { PolicyOwner } from "./owner";
import { listed, principalInWords, quoted, stillUsable } from "./words";

const PRINCIPAL_ARN = /^aws:principalarn$/i;

export function told(condition: Condition, answer: Answer, owner: PolicyOwner): Finding {
    if (answer === "no") return { answer, note: whyNot(condition, owner) };
    if (PRINCIPAL_ARN.test(condition.name) && condition.operator?.negated) {
        const but = listed(condition.values.map((value) => principalInWords(value, owner)));
        return answer === "yes" ? { answer, but } : { answer, but, note: stillUsable(condition.values) };
    }
    if (answer === "yes") return { answer, note: whyAlways(condition, owner) };
    const note = condition.key.unseen ?? "whom that leaves cannot be seen from here";
    return {
        answer,
        when: `${condition.operator?.negated ? "unless" : "if"} ${clause(condition, owner)}`,
        note,
    };
}

function whyNot(condition: Condition, owner: PolicyOwner): string {
    const { key, operator, name } = condition;
    if (PRINCIPAL_ARN.test(name) && !operator?.negated)
        return `it denies only ${valuesInWords(condition, owner)}`;
    if (key.only) return `it denies only ${key.only}`;
    const where = `requests where ${clause(condition, owner)}`;
    return operator?.negated ? `it leaves alone the ${where}` : `it denies only ${where}`;
}

function whyAlways({ key, name }: Condition, owner: PolicyOwner): string {
    const { can = [], may = [], begins = [] } = key.possible(owner);
    if (can.length !== 1 || may.length > 0 || begins.length > 0) return "that goes for every administrator";
    return can[0] === undefined ? `no such request has ${name}` : `every such request has ${name} ${can[0]}`;
}

function clause(condition: Condition, owner: PolicyOwner): string {
    const { key, name, operator, values } = condition;
    const called = key.called || quoted(name);
    if (!operator)
        return `${called} is ${values.every((value) => /^true$/i.test(value)) ? "missing" : "given"}`;
    return `${called} ${operator.relation} ${valuesInWords(condition, owner)}`;
}

function valuesInWords({ name, values }: Condition, owner: PolicyOwner): string {
    const words = PRINCIPAL_ARN.test(name)
        ? values.map((value) => principalInWords(value, owner))
        : values.map(quoted);
    return listed(words, "or", 2);
}
