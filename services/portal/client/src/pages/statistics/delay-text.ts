/** `45 min`, `3 h`, `2 j`: delays are known to two figures, and said no finer. */
export function delayText(seconds: number, language: 'fr' | 'en'): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = seconds / 3600
  if (hours < 48) return `${rounded(hours, language)} h`
  return `${rounded(hours / 24, language)} ${language === 'fr' ? 'j' : 'd'}`
}

function rounded(value: number, language: 'fr' | 'en'): string {
  const text = value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
  return language === 'fr' ? text.replace('.', ',') : text
}
