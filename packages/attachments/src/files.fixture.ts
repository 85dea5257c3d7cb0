import { deflateRawSync } from 'node:zlib'

const bytes = (text: string) => Buffer.from(text, 'latin1')
export const pdf = Buffer.concat([bytes('%PDF-1.7\n%âãÏÓ\n'), Buffer.alloc(2000, ' '), bytes('\n%%EOF\n')])
export const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.alloc(200, 1),
])
const ihdr = '89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489'.replaceAll(' ', '')
export const png = Buffer.concat([Buffer.from(ihdr, 'hex'), Buffer.from('0000000049444154', 'hex'), Buffer.alloc(40)])
export const heic = Buffer.concat([
  Buffer.from('00000018', 'hex'),
  bytes('ftypheic\0\0\0\0mif1heic'),
  Buffer.alloc(100),
])
/** Its directory stands at the end, as scanners write it. */
export const tiff = Buffer.concat([
  bytes('II*\0'),
  Buffer.from([0, 0, 2, 0]),
  Buffer.alloc(200_000),
  Buffer.from([0, 0]),
])
export const exe = Buffer.concat([bytes('MZ\x90\0'), Buffer.alloc(300), bytes('PE\0\0')])
export const html = bytes('<!DOCTYPE html><html><script>alert(1)</script></html>')
/** A reader of PDF finds its beginning anywhere in the first kilobyte; a browser finds a page. */
export const polyglot = Buffer.concat([bytes('%PDF-1.4\n%<html><script>alert(1)</script>\n'), Buffer.alloc(500, ' ')])
export const text = Buffer.from('Compte rendu d’œdème\nà revoir\n')
export const cda = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?>\n<!-- essai -->\n<ClinicalDocument xmlns="urn:hl7-org:v3"><title/></ClinicalDocument>',
)
export const svg = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
)
export const otherXml = Buffer.from('<?xml version="1.0"?><ordonnance/>')

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
const MACROS = 'application/vnd.ms-word.document.macroEnabled.main+xml'
const contentTypes = (main: string) =>
  Buffer.from(`<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`)
export const docx = zip([['[Content_Types].xml', contentTypes(WORD)]])
export const docm = zip([['[Content_Types].xml', contentTypes(MACROS)]])
export const odt = zip([['mimetype', Buffer.from('application/vnd.oasis.opendocument.text')]], false)
export const plainZip = zip([['virus.exe', exe]])

/** A zip as far as it is read: local headers and data. */
function zip(entries: readonly (readonly [string, Buffer])[], deflated = true): Buffer {
  const parts = entries.flatMap(([name, content]) => {
    const data = deflated ? deflateRawSync(content) : content
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    header.writeUInt16LE(20, 4)
    header.writeUInt16LE(deflated ? 8 : 0, 8)
    header.writeUInt32LE(data.length, 18)
    header.writeUInt32LE(content.length, 22)
    header.writeUInt16LE(name.length, 26)
    return [header, Buffer.from(name), data]
  })
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  return Buffer.concat([...parts, end])
}
