import { expect, test } from "vitest";
import { daysText } from "./summary-view";

test.each([
  [{ in_a_row: 0, last_week: 0 }, ""],
  [{ in_a_row: 1, last_week: 1 }, "You recorded on 1 day in the last week."],
  [{ in_a_row: 0, last_week: 4 }, "You recorded on 4 days in the last week."],
  [
    { in_a_row: 3, last_week: 4 },
    "You recorded on 4 days in the last week. That is 3 days in a row.",
  ],
])("the days %j are told as %j", (days, text) => {
  expect(daysText(days)).toBe(text);
});
