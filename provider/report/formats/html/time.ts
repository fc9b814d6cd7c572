/** Times in the page, short for people and whole for programs. */
import { day } from "../../words";
import { markup, type Markup } from "./markup";

/** A time to the day, with the whole time for programs. */
export function dayOf(time: string): Markup {
    return timeOf(time, day(time));
}

/** A time to the minute. */
export function minuteOf(time: string): Markup {
    return timeOf(time, `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`);
}

/** A text that is no time is shown unchanged. */
function timeOf(time: string, short: string): Markup {
    return ISO_8601_IN_UTC.test(time) ? markup`<time datetime="${time}">${short}</time>` : markup`${time}`;
}

const ISO_8601_IN_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+]00:00)$/;
