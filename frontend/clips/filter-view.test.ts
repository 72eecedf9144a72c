import { expect, test } from "vitest";
import { filtersOf, searchOf } from "./filter-view";

test.each(["", "?shelf=not_used", "?shelf=used&campaign=words&speaker=1"])(
  "the address %j comes back as it was",
  (search) => {
    expect(searchOf(filtersOf(search))).toBe(search);
  },
);

test("a shelf that does not exist is no filter", () => {
  expect(filtersOf("?shelf=lost")).toEqual({ shelf: "", campaign: "", speaker: "" });
});
