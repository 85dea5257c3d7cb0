/** A file that somebody sent: to be saved under its name, and never to run or be shown as part of a page. */
export function downloadHeaders({ mediaType, size, fileName }: { mediaType: string; size: number; fileName: string }) {
  const plain = fileName.replaceAll(/[^A-Za-z0-9._ -]/g, '_')
  // RFC 8187 leaves fewer characters alone than URLs do.
  const encoded = encodeURIComponent(fileName.toWellFormed()).replaceAll(/['()*]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
  })
  return {
    'content-type': mediaType,
    'content-length': String(size),
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`,
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  }
}
