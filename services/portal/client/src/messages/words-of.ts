/** Words for every code of each kind: one that is missing does not pass the types. */
export type WordsOf<Codes extends Record<string, string>> = {
  readonly [Kind in keyof Codes]: Readonly<Record<Codes[Kind], string>>
}
