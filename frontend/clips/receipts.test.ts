// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { keepReceipt, keptReceipts } from "./receipts";

const url = (digit: string): string => `/withdrawals/${digit.repeat(8)}-0000-4000-8000-000000000000/`;
const receipt = (digit: string) => ({ url: url(digit), requested_at: "2026-01-01", num_clips: 1 });

beforeEach(() => localStorage.clear());

test("a receipt is kept once, the newest first", () => {
  keepReceipt(receipt("1"));
  keepReceipt(receipt("2"));
  keepReceipt(receipt("1"));
  expect(keptReceipts().map((each) => each.url)).toEqual([url("1"), url("2")]);
});

test("what is no receipt of this site is not shown", () => {
  const foreign = { ...receipt("1"), url: "javascript:alert(1)" };
  localStorage.setItem("choir.receipts", JSON.stringify([foreign, null, receipt("2")]));
  expect(keptReceipts()).toEqual([receipt("2")]);
  localStorage.setItem("choir.receipts", "{");
  expect(keptReceipts()).toEqual([]);
});
