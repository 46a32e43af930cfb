/** The body of a PDF file: objects by number, and where each of them begins (ISO 32000-1, 7.3 and 7.5). */
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export interface PdfObjects {
  /** A number for an object that is put in later. */
  reserve(): number
  put(object: number, body: string): void
  add(body: string): number
  /** `entries`: those of its dictionary besides length and filter. */
  addStream(entries: string, bytes: Uint8Array): number
  /** For what has to be readable without being unpacked (metadata). */
  addPlainStream(entries: string, bytes: Uint8Array): number
  /** The whole file. */
  file(catalog: number, info: number): Uint8Array
}

export const refer = (object: number) => `${object} 0 R`

/**
 * A text string (7.9.2.2) in UTF-16, written in hexadecimal: whatever it is made of, nothing in it can end the string or begin
 * something else.
 */
export function textString(text: string): string {
  let hex = 'FEFF'
  for (const unit of text.toWellFormed().split('')) hex += unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return `<${hex}>`
}

/** Numbers as the format has them: no exponents, no more digits than a printer sees. */
export const numberText = (value: number) => {
  const text = value.toFixed(3).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

export function createObjects(): PdfObjects {
  const bodies: (Buffer | null)[] = []
  const reserve = () => bodies.push(null)
  const put = (object: number, body: string) => {
    bodies[object - 1] = Buffer.from(body, 'latin1')
  }
  const add = (body: string) => {
    const object = reserve()
    put(object, body)
    return object
  }
  const stream = (entries: string, bytes: Uint8Array) => {
    const object = reserve()
    bodies[object - 1] = Buffer.concat([
      Buffer.from(`<<${entries}/Length ${bytes.byteLength}>>\nstream\n`, 'latin1'),
      bytes,
      Buffer.from('\nendstream', 'latin1'),
    ])
    return object
  }
  return {
    reserve,
    put,
    add,
    addStream: (entries, bytes) => stream(`${entries}/Filter/FlateDecode`, deflateSync(bytes)),
    addPlainStream: stream,
    file(catalog, info) {
      // The second line says that the file has bytes beyond ASCII (7.5.2).
      const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
      const offsets: number[] = []
      let at = (parts[0] as Buffer).byteLength
      const write = (part: Buffer) => {
        parts.push(part)
        at += part.byteLength
      }
      for (const [i, body] of bodies.entries()) {
        if (!body) throw new Error(`Object ${i + 1} of the file was never put in.`)
        offsets.push(at)
        write(Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`, 'latin1'), body, Buffer.from('\nendobj\n', 'latin1')]))
      }
      const digest = createHash('sha256')
      for (const part of parts) digest.update(part)
      const id = `<${digest.digest('hex').slice(0, 32).toUpperCase()}>`
      const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
      const start = at
      write(Buffer.from(`xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${rows}`, 'latin1'))
      write(
        Buffer.from(
          `trailer\n<</Size ${bodies.length + 1}/Root ${refer(catalog)}/Info ${refer(info)}/ID[${id}${id}]>>\nstartxref\n${start}\n%%EOF\n`,
          'latin1',
        ),
      )
      return Buffer.concat(parts)
    },
  }
}
