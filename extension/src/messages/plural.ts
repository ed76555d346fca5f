/** A sentence by number: `#` is the number in the user's locale. Other languages bring their own catalogue, with more forms. */
export function plural(count: number, one: string, other: string): string {
  const form = new Intl.PluralRules('en').select(count) === 'one' ? one : other;
  return form.replace('#', count.toLocaleString());
}
