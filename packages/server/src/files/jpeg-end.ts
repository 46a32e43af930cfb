/** Where a picture ends, and with it what phones put behind one. Markers: ITU-T T.81, annex B. */

/**
 * Offset behind a JPEG's last byte that belongs there: further pictures (the brightness map of a photo in high dynamic range, CIPA
 * DC-007) and the film of a moving photo (ISO/IEC 14496-12) count as part of it. Null: its markers can't be followed to an end.
 */
export function endOfJpeg(data: Buffer): number | null {
  let end = endOfOne(data, 0)
  while (end !== null && end < data.length) {
    let next = end
    while (next < data.length && data[next] === 0) next += 1
    if (data[next] === 0xff && data[next + 1] === 0xd8) {
      const further = endOfOne(data, next)
      if (further === null) return end
      end = further
    } else return isFilm(data, end) ? data.length : end
  }
  return end
}

function endOfOne(data: Buffer, start: number): number | null {
  if (data[start] !== 0xff || data[start + 1] !== 0xd8) return null
  let at = start + 2
  while (at + 1 < data.length) {
    if (data[at] !== 0xff) return null
    const marker = data[at + 1] as number
    if (marker === 0xd9) return at + 2
    // Fill bytes, and markers that stand alone.
    if (marker === 0xff) at += 1
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else {
      if (at + 4 > data.length) return null
      at += 2 + data.readUInt16BE(at + 2)
      if (marker === 0xda) at = endOfScan(data, at)
    }
  }
  return null
}

/** Coded data has no marker in it: 255 is followed by 0 there, or by a restart. */
function endOfScan(data: Buffer, from: number): number {
  for (let at = data.indexOf(0xff, from); at >= 0; at = data.indexOf(0xff, at + 1)) {
    const next = data[at + 1] as number
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at
  }
  return data.length
}

/** Some makers put a short label before the film. */
const isFilm = (data: Buffer, from: number) => {
  const at = data.subarray(from, from + 96).indexOf('ftyp', 0, 'latin1')
  return at >= 4 && data.readUInt32BE(from + at - 4) >= 16 && data.readUInt32BE(from + at - 4) <= 256
}
