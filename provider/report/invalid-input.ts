/** The given file or report cannot become the report that was asked for. The message says what was found and what was expected. */
export class InvalidInput extends Error {
    override readonly name = "InvalidInput";
}
