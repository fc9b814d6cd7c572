/** What was given cannot become the report that was asked for. The message says what was found and what was expected. */
export class Unusable extends Error {
    override readonly name: string = "Unusable";
}
