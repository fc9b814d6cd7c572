/** Whether a part of a statement takes in every administrator: surely, surely not, or not to be told from here. */
export type Answer = "yes" | "no" | "depends";

/** An answer, and what it adds to the sentence that people read. */
export interface Finding {
    answer: Answer;
    /** Who is left out of `everybody`. */
    but?: string;
    /** `unless the VPC endpoint is vpce-1a2b3c4d`. */
    when?: string;
    /** A clause of its own: why so, or what cannot be seen. */
    note?: string;
    /** `has no Effect`: what AWS would not have stored so, or what is not known here. */
    odd?: string;
}

export function not(answer: Answer): Answer {
    if (answer === "depends") return answer;
    return answer === "yes" ? "no" : "yes";
}

export function anyOf(answers: Answer[]): Answer {
    return (
        answers.find((answer) => answer === "yes") ?? answers.find((answer) => answer === "depends") ?? "no"
    );
}

export function allOf(answers: Answer[]): Answer {
    return not(anyOf(answers.map(not)));
}

/** What all of them say; where they differ, it depends. */
export function agreed(answers: Answer[]): Answer {
    const [first = "depends"] = answers;
    return answers.every((answer) => answer === first) ? first : "depends";
}

/** A part of a statement that cannot be understood; AWS would hardly have stored it so. */
export function odd(what: string): Finding {
    return { answer: "depends", odd: what };
}
