/** Files that are not what they say, explode, or carry a program: made here, so that nothing hostile lies in the repository. */
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'
import { pdf, png } from './world.ts'

interface Part {
  name: string
  content?: Uint8Array | string
  /** What the archive says of the size instead. */
  says?: number
  mode?: number
  /** Name beside the content, where it differs. */
  beside?: string
}

/** A zip of these parts, packed. */
export function zipOf(parts: readonly Part[], { comment = '', before = '' }: { comment?: string; before?: string } = {}): Uint8Array<ArrayBuffer> {
  const locals: Buffer[] = [Buffer.from(before)]
  const list: Buffer[] = []
  let at = before.length
  for (const { name, content = '', says, mode = 0o100644, beside = name } of parts) {
    const plain = Buffer.from(content as string)
    const packed = deflateRawSync(plain)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(says ?? plain.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(beside)])
    const entry = Buffer.alloc(46 - 6 - 26)
    entry.writeUInt32LE((mode << 16) >>> 0, 6)
    entry.writeUInt32LE(at, 10)
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, entry, Buffer.from(name)]))
    locals.push(head, packed)
    at += head.length + packed.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  end.writeUInt16LE(comment.length, 16)
  return new Uint8Array(Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06', 'latin1'), end, Buffer.from(comment)]))
}

const types = (main: string) =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.${main}+xml"/></Types>`
/** A text document with more in it. */
export const docxOf = (more: readonly Part[] = [], options?: Parameters<typeof zipOf>[1]) =>
  zipOf(
    [
      { name: '[Content_Types].xml', content: types('document.main') },
      { name: '_rels/.rels', content: '<Relationships/>' },
      { name: 'word/document.xml', content: '<w:document/>' },
      ...more,
    ],
    options,
  )

/** A picture that says it is that large, and is no larger than its header. */
export function pngOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const chunk = (name: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(Buffer.concat([Buffer.from(name), data])))
    return Buffer.concat([length, Buffer.from(name), data, check])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([1, 0, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(Math.min(1_000_000, Math.ceil(width / 8 + 1) * height)))
  return new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]))
}

/** A photo: its head, and as much coded data as is asked for. */
export function jpegOf(length = 200): Uint8Array<ArrayBuffer> {
  const head = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080010001001011100ffda0008010100003f00', 'hex')
  // 255 is followed by 0 in coded data.
  const coded = Buffer.from(Array.from({ length }, (_, i) => (i % 50 === 0 ? 0xff : i % 50 === 1 ? 0 : (i * 37) % 251)))
  return new Uint8Array(Buffer.concat([head, coded, Buffer.from('ffd9', 'hex')]))
}

/** A PDF with one stream more. */
export const pdfStream = (dictionary: string, content: Uint8Array | string) =>
  join(pdf, `\n9 0 obj << ${dictionary} >>\nstream\n`, Buffer.from(content as string, 'latin1'), '\nendstream\nendobj\n')

/** A film of the kind that phones keep behind a photo. */
const film = () => Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), Buffer.alloc(6000, 7)])

export interface HostileFile {
  name: string
  declared: string
  bytes: Uint8Array<ArrayBuffer>
  what: string
}
const text = (value: string) => new Uint8Array(Buffer.from(value, 'latin1'))
const join = (...parts: (Uint8Array | string)[]) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))))
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const zeros = (length: number) => new Uint8Array(length)

/** Files that explode. */
export function explodingFiles(): HostileFile[] {
  const of = (what: string, bytes: Uint8Array<ArrayBuffer>): HostileFile => ({ what, name: 'a.docx', declared: docx, bytes })
  const bomb = docxOf([{ name: 'word/media/a.xml', content: zeros(80 * 2 ** 20) }])
  return [
    of('80 MB of nothing', bomb),
    of('ten times 30 MB', docxOf(Array.from({ length: 10 }, (_, i) => ({ name: `word/a${i}.bin`, content: zeros(30 * 2 ** 20) })))),
    of('100,000 entries', docxOf(Array.from({ length: 60_000 }, (_, i) => ({ name: `word/${i}` })))),
    of('6,000 entries', docxOf(Array.from({ length: 6000 }, (_, i) => ({ name: `word/${i}` })))),
    of('a bomb in an archive in it', docxOf([{ name: 'word/embedded/inner.zip', content: zipOf([{ name: 'a', content: bomb }]) }])),
    of('a size that is less than there is', docxOf([{ name: 'word/a.bin', content: zeros(60 * 2 ** 20), says: 100 }])),
    of('a size beyond counting', docxOf([{ name: 'word/a.bin', content: 'x', says: 0xfffffff0 }])),
    of('a symbolic link', docxOf([{ name: 'word/link', content: '/etc/passwd', mode: 0o120777 }])),
    of('a path upwards', docxOf([{ name: '../../../../etc/cron.d/x', content: 'x' }])),
    of('a path upwards, written as on Windows', docxOf([{ name: '..\\..\\x', content: 'x' }])),
    of('a path from the root', docxOf([{ name: '/etc/x', content: 'x' }])),
    of('a drive', docxOf([{ name: 'C:\\x', content: 'x' }])),
    of('an end that is cut off', docxOf().slice(0, -10)),
    of('a second end in a comment', docxOf([], { comment: 'PK\x05\x06'.padEnd(40, '\0') })),
    of('two names for one part', docxOf([{ name: 'word/a.xml', beside: 'word/b.exe', content: 'x' }])),
    { what: 'packed by gzip', name: 'a.gz', declared: 'application/gzip', bytes: text('\x1f\x8b\x08\0\0\0\0\0\0\x03') },
    { what: '65,535 pixels each way', name: 'a.png', declared: 'image/png', bytes: pngOf(65_535, 65_535) },
    { what: 'billions of pixels', name: 'a.png', declared: 'image/png', bytes: pngOf(2 ** 31 - 1, 2 ** 31 - 1) },
  ]
}

const scripts = [
  '<html><script>alert(1)</script>',
  '<!DOCTYPE html><body onload=alert(1)>',
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  '<script>alert(1)</script>',
]
const xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'

/** Files that are something else, or two things at once, under names that hide it. */
export function lyingFiles(): HostileFile[] {
  const files: HostileFile[] = []
  const add = (what: string, name: string, declared: string, bytes: Uint8Array<ArrayBuffer>) => files.push({ what, name, declared, bytes })
  for (const [i, script] of scripts.entries()) {
    add('a page as text', `a${i}.txt`, 'text/plain', text(script))
    add('a page as a table', `a${i}.csv`, 'text/csv', text(`a,b\r\n"${script}",1\r\n`))
    add('a page as PDF', `a${i}.pdf`, 'application/pdf', text(script))
    add('a page as a picture', `a${i}.png`, 'image/png', text(script))
    add('a page as itself', `a${i}.html`, 'text/html', text(script))
    add('a drawing', `a${i}.svg`, 'image/svg+xml', text(script))
    add('PDF behind a page', `a${i}.pdf`, 'application/pdf', join(script, pdf))
    add('a page at the head of a PDF', `a${i}.pdf`, 'application/pdf', join(`%PDF-1.4\n${script}\n`, pdf.slice(9)))
    add('a page behind a picture', `a${i}.png`, 'image/png', join(png, script))
    add('a page behind a picture, far', `a${i}.png`, 'image/png', join(png, zeros(5000), script))
    add('markup under no declaration', `a${i}.txt`, '', text(` \n\t${script}`))
    add('markup behind a mark of byte order', `a${i}.txt`, 'text/plain', join(Buffer.from('efbbbf', 'hex'), script))
  }
  for (const name of ['a.xml', 'a.txt', 'a.csv', 'a.svg', 'a.docx']) add('XML that reads files', name, name === 'a.docx' ? docx : 'text/plain', text(xml))
  add('a program', 'a.exe', 'application/octet-stream', text(`MZ${'\0'.repeat(200)}`))
  add('a program as PDF', 'a.pdf', 'application/pdf', text(`MZ${'\0'.repeat(200)}`))
  add('a program of Unix as text', 'a.txt', 'text/plain', text('\x7fELF\x02\x01\x01'))
  add('a moving picture with a script', 'a.gif', 'image/gif', text('GIF89a/*\0\0*/=1;alert(1)//;'))
  add('the same as PNG', 'a.png', 'image/png', text('GIF89a/*\0\0*/=1;alert(1)//;'))
  add('an archive', 'a.zip', 'application/zip', zipOf([{ name: 'a.txt', content: 'x' }]))
  add('an archive as PDF', 'a.pdf', 'application/pdf', zipOf([{ name: 'a.txt', content: 'x' }]))
  add('an archive behind a PDF', 'a.pdf', 'application/pdf', join(pdf, zipOf([{ name: 'a.exe', content: 'x' }])))
  add('an archive behind a picture', 'a.png', 'image/png', join(png, zipOf([{ name: 'a.exe', content: 'x' }])))
  add('a PDF in front of a document', 'a.docx', docx, docxOf([], { before: '%PDF-1.4\n' }))
  add('a PDF behind a picture', 'a.png', 'image/png', join(png, pdf))
  for (const part of [
    'word/vbaProject.bin',
    'word/activeX/activeX1.bin',
    'word/embeddings/oleObject1.bin',
    'Basic/Standard/Module1.xml',
    'Scripts/python/x.py',
    'word/run.exe',
    'word/x.js',
    'word/page.html',
  ])
    add(`a document with ${part}`, 'a.docx', docx, docxOf([{ name: part, content: 'x' }]))
  for (const key of ['/JavaScript', '/JS', '/Launch', '/EmbeddedFile', '/RichMedia', '/J#61vaScript', '/#4aS'])
    add(`a PDF with ${key}`, 'a.pdf', 'application/pdf', join(pdf, `<< ${key} (app.alert\\(1\\)) >>`))
  add('a PDF with a script elsewhere', 'a.pdf', 'application/pdf', join(pdf, '<< /JS 12 0 R >>'))
  add('a PDF with a script in what is not packed', 'a.pdf', 'application/pdf', pdfStream('/Length 9', '/JS (app)'))
  add('a PDF with a script in packed objects', 'a.pdf', 'application/pdf', pdfStream('/Type /ObjStm /Filter /FlateDecode', deflateSync('<< /S /JavaScript >>')))
  add('a PDF with a short script in packed objects', 'a.pdf', 'application/pdf', pdfStream('/Type /Obj#53tm /Filter [/FlateDecode]', deflateSync('/JS <61>')))
  add('a PDF that explodes', 'a.pdf', 'application/pdf', pdfStream('/Type /ObjStm /Filter /FlateDecode', deflateSync(zeros(70 * 2 ** 20))))
  add('a page behind a photo', 'a.jpg', 'image/jpeg', join(jpegOf(), scripts[0] as string))
  add('a program behind a photo', 'a.jpg', 'image/jpeg', join(jpegOf(), `MZ${'\0'.repeat(2000)}`))
  add('a program behind two photos', 'a.jpg', 'image/jpeg', join(jpegOf(), zeros(16), jpegOf(), `MZ${'x'.repeat(2000)}`, '\xff\xd9'))
  const names = [
    'a.pdf.exe',
    'a.exe.pdf',
    'a.pdf.html',
    'a.html.pdf',
    'a.PDF.SCR',
    'a.php.pdf',
    'a.svg.pdf',
    'a.pdf.js',
    'a.pdf.lnk',
    'a.pdf.url',
    'a.docm.pdf',
    'a.pdf.hta',
    'a.jpg',
    'a.docx',
    'a.zip',
    'a.gif',
    'a.pdf.png',
    'x.tar.gz',
    'a\u202efdp.exe',
    'a\u2066fdp\u2069.exe',
    'a.exe\u202e.pdf',
    'a.pdf\u200b.exe',
    'a.htm',
    'a.xhtml.pdf',
    'a.js',
    'a.com',
    'a.pdf.sh',
    'a.pdf.desktop',
    '.htaccess.html',
  ]
  for (const name of names) add('a PDF under a name that hides', name, 'application/pdf', pdf)
  const media = [
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'application/xml',
    'application/javascript',
    'application/x-msdownload',
    'image/png',
    'image/gif',
    'text/plain',
  ]
  for (const declared of media) add('a PDF declared as another', 'a.pdf', declared, pdf)
  for (const declared of ['application/pdf', 'text/html', 'image/jpeg', docx]) add('a picture declared as another', 'a.png', declared, png)
  // The same at every place where programs look for a mark.
  for (const at of [1, 3, 7, 128, 512, 1000, 1020]) {
    add('PDF that begins late', 'a.pdf', 'application/pdf', join(' '.repeat(at), pdf))
    add('PDF behind zeros', 'a.pdf', 'application/pdf', join(zeros(at), pdf))
    add('a script that ends a picture', 'a.png', 'image/png', join(png, ' '.repeat(at), '<script>alert(1)</script>'))
    add('a page in a PDF, a little later', 'a.pdf', 'application/pdf', join('%PDF-1.4\n', ' '.repeat(at), '<html><script>1</script>', pdf.slice(9)))
    add('text with a control character', 'a.txt', 'text/plain', join('x'.repeat(at), '\x1b[2J'))
    add('text that is no UTF-8', 'a.txt', 'text/plain', join('x'.repeat(at), Buffer.from('c0af', 'hex')))
  }
  return files
}

/** Files that must be taken: who refuses everything has proved nothing. */
export const honestFiles = (): HostileFile[] => [
  { what: 'a PDF', name: 'scan.pdf', declared: 'application/pdf', bytes: pdf },
  { what: 'a PDF under a name with dots', name: 'Certificate no. 12.3.2026', declared: 'application/pdf', bytes: pdf },
  { what: 'a page printed from a site', name: 'Invoice example.com no. 7.pdf', declared: 'application/pdf', bytes: pdf },
  { what: 'a page named by its site', name: 'my.app.example.com.pdf', declared: 'application/pdf', bytes: pdf },
  {
    what: 'a scan whose packed data has the letters of a script in it',
    name: 'scan.pdf',
    declared: 'application/pdf',
    bytes: pdfStream('/Filter /DCTDecode', '\x91/JS\x02\x17 /JS( \xff'),
  },
  { what: 'a PDF with those letters in its text', name: 'a.pdf', declared: 'application/pdf', bytes: join(pdf, '(see /JS and /JSON)') },
  {
    what: 'a PDF with packed objects',
    name: 'a.pdf',
    declared: 'application/pdf',
    bytes: pdfStream('/Type /ObjStm /Filter /FlateDecode', deflateSync('<< /A 1 >>')),
  },
  { what: 'a photo', name: 'photo.jpg', declared: 'image/jpeg', bytes: jpegOf() },
  { what: 'a photo with a map of its brightness', name: 'photo.jpg', declared: 'image/jpeg', bytes: join(jpegOf(), jpegOf(5000)) },
  { what: 'a moving photo', name: 'PXL_20260711.MP.jpg', declared: 'image/jpeg', bytes: join(jpegOf(), film()) },
  {
    what: 'a moving photo with a label',
    name: 'photo.jpeg',
    declared: 'image/jpeg',
    bytes: join(jpegOf(), '\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data', film()),
  },
  { what: 'a picture', name: 'photo.PNG', declared: 'image/png', bytes: png },
  { what: 'a document', name: 'letter.docx', declared: docx, bytes: docxOf() },
  {
    what: 'a document with a large text',
    name: 'long.docx',
    declared: docx,
    bytes: docxOf([{ name: 'word/more.xml', content: Buffer.from(Array.from({ length: 200_000 }, (_, i) => `<w:t>${i}</w:t>`).join('')) }]),
  },
  { what: 'text', name: 'note.txt', declared: 'text/plain', bytes: text('a < b, and 5 > 3; x <3\n') },
  { what: 'a table', name: 'rows.csv', declared: 'text/csv', bytes: text('a,b\r\n1,2\r\n') },
]
