/** Small real files for every kind of document: they open in a viewer, and no two calls give the same bytes. */
import type { RequiredDocument } from '@guichet/schemas'
import { png } from './png.ts'

export interface SampleFile {
  name: string
  type: string
  bytes: Buffer<ArrayBuffer>
}

type Kind = NonNullable<RequiredDocument['accept']>[number]

/** One page with a line of text. */
function pdf(line: string): Buffer {
  const content = `BT /F1 18 Tf 72 720 Td (${line.replace(/[()\\]/g, '\\$&')}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const offset = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = text.length
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

/** A grey picture: every 8 by 8 block is "no change" and "end of block", one bit each. */
function jpeg(width: number, height: number, comment: string): Buffer {
  const segment = (marker: number, ...data: number[]) => [0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data]
  const oneCode = [1, ...Array<number>(15).fill(0), 0]
  const bits = Math.ceil(width / 8) * Math.ceil(height / 8) * 2
  const scan = Buffer.alloc(Math.ceil(bits / 8))
  if (bits % 8) scan[scan.length - 1] = 0xff >> (bits % 8)
  return Buffer.concat([
    Buffer.from([
      ...[0xff, 0xd8],
      ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
      ...segment(0xfe, ...Buffer.from(comment)),
      ...segment(0xdb, 0, ...Array<number>(64).fill(16)),
      ...segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0),
      ...segment(0xc4, 0, ...oneCode),
      ...segment(0xc4, 0x10, ...oneCode),
      ...segment(0xda, 1, 1, 0, 0, 63, 0),
    ]),
    scan,
    Buffer.from([0xff, 0xd9]),
  ])
}

const makers: Partial<Record<Kind, (label: string, width: number, height: number) => { type: string; bytes: Buffer }>> = {
  pdf: (label) => ({ type: 'application/pdf', bytes: pdf(label) }),
  jpg: (label, width, height) => ({ type: 'image/jpeg', bytes: jpeg(width, height, label) }),
  png: (label, width, height) => ({
    type: 'image/png',
    bytes: png(
      width,
      height,
      [
        [255, 255, 255],
        [70, 70, 70],
      ],
      (x, y) => ((label.codePointAt((x + y) % label.length) ?? 0) >> (x % 7)) & 1,
    ),
  }),
}

let made = 0

/** A file that a required document takes, in the first of its kinds that we can make. */
export function sampleFor(document: RequiredDocument): SampleFile {
  const kind = (document.accept ?? ['pdf']).find((accepted) => makers[accepted])
  const make = kind && makers[kind]
  if (!make) throw new Error(`no sample file of the kinds ${document.accept?.join(', ')}`)
  const [width = 64, height = 48] = document.minPixels ?? []
  const { type, bytes } = make(`${document.id} ${++made}`, width, height)
  return { name: `${document.id}-${made}.${kind}`, type, bytes: Buffer.from(bytes) }
}
