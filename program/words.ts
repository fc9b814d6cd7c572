/** `1 account`, `3 accounts`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
    return `${number} ${number === 1 ? noun : plural}`;
}
