/** Gives a file made here to whoever asked for it. */
export function download(name: string, mediaType: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: `${mediaType};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Browsers begin to read it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
