/**
 * The two digits that follow the 13 characters of an INS (NIR or NIA): 97 − (number modulo 97), Corsican départements
 * counted as 19 (2A) and 18 (2B). Source: INSEE, "Numéro d'inscription au répertoire"; référentiel INS of the ANS.
 * `undefined` for what has not the form of a NIR.
 */
export function insKeyOf(body: string): string | undefined {
  if (!/^\d{5}(?:\d{2}|2[AB])\d{6}$/.test(body)) return undefined
  const number = Number(body.replace('2A', '19').replace('2B', '18'))
  return String(97 - (number % 97)).padStart(2, '0')
}

/** Whether a matricule INS has its 15 characters and the right key. */
export function insKeyIsRight(matricule: string): boolean {
  return matricule.length === 15 && insKeyOf(matricule.slice(0, 13)) === matricule.slice(13)
}

/**
 * Whether a FINESS number (9 characters) has the right Luhn key, its letters counted as A = 1 and B = 2 (Corsica).
 * Source: FINESS, DREES, "Structure du numéro FINESS"; verified on the published sites, Corsican ones included.
 */
export function finessKeyIsRight(finess: string): boolean {
  return /^\d[\dAB]\d{7}$/.test(finess) && hasLuhnKey(finess.replace('A', '1').replace('B', '2'))
}

/**
 * Whether an RPPS number (11 digits) has the right Luhn key. Source: ANS, Répertoire partagé des professionnels de
 * santé. The agency's test numbers mostly have a wrong one: warn, never reject.
 */
export function rppsKeyIsRight(rpps: string): boolean {
  return /^\d{11}$/.test(rpps) && hasLuhnKey(rpps)
}

/** ISO/IEC 7812-1 annex B. */
function hasLuhnKey(digits: string): boolean {
  let sum = 0
  Array.from(digits)
    .toReversed()
    .forEach((digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
      sum += doubled > 9 ? doubled - 9 : doubled
    })
  return sum % 10 === 0
}
