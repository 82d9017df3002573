// Amounts are integers of the currency's minor unit; here they become words, and words amounts.

const MOST = 1e12;
const formats = new Map<string, Intl.NumberFormat>();
const exponents = new Map<string, number>();

// How many of them stand behind the decimal mark; of what is no currency yet, as it is being typed, two.
export function digits(currency: string): number {
  let found = exponents.get(currency);
  if (found === undefined) {
    found = 2;
    if (/^[A-Z]{3}$/.test(currency)) {
      const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
      found = maximumFractionDigits ?? found;
    }
    exponents.set(currency, found);
  }
  return found;
}

// Cents are shown only where there are any.
export function money(amount: number, currency: string, locale: string): string {
  const exponent = digits(currency);
  const shown = amount % 10 ** exponent === 0 ? 0 : exponent;
  const key = `${locale} ${currency} ${shown}`;
  let format = formats.get(key);
  if (!format) {
    const fraction = { minimumFractionDigits: shown, maximumFractionDigits: shown };
    format = new Intl.NumberFormat(locale, { style: "currency", currency, ...fraction });
    formats.set(key, format);
  }
  return format.format(amount / 10 ** exponent);
}

// An amount as it is typed into a field: no currency, the reader's own decimal mark, and grouping only where asked for.
export function plainAmount(amount: number, currency: string, locale: string, useGrouping = false): string {
  const exponent = digits(currency);
  const shown = amount % 10 ** exponent === 0 ? 0 : exponent;
  const options = { useGrouping, minimumFractionDigits: shown, maximumFractionDigits: shown };
  return new Intl.NumberFormat(locale, options).format(amount / 10 ** exponent);
}

// The amount that someone typed, or null where it is none or might mean two things.
export function parseAmount(text: string, currency: string, locale: string): number | null {
  const exponent = digits(currency);
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(123456.7);
  const mark = parts.find((part) => part.type === "decimal")?.value ?? ".";
  const bare = text.replace(/[\s\u00a0\u202f'’]|[A-Z]{1,3}|\p{Sc}/gu, "");
  const grouped = mark === "," ? /^\d{1,3}(\.\d{3})+(,\d+)?$/ : /^\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$/;
  const found = grouped.test(bare) ? bare.replaceAll(mark === "," ? "." : ",", "") : bare;
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(found);
  if (!match) return null;
  const [, whole = "", part = ""] = match;
  // 12.300 is twelve and a bit to one reader and twelve thousand to another: ask rather than guess.
  if (part.length > exponent) return null;
  const amount = Number(whole + part.padEnd(exponent, "0"));
  return amount >= 1 && amount <= MOST ? amount : null;
}
