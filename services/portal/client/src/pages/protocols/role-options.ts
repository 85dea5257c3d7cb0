/** The options of a list, from the words of its codes. */
export function optionsOf<Code extends string>(
  words: Readonly<Record<Code, string>>,
): { value: Code; label: string }[] {
  // The keys of a record are its codes.
  return (Object.entries(words) as [Code, string][]).map(([value, label]) => ({ value, label }))
}
