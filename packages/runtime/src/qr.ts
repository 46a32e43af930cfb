/** A QR code (ISO/IEC 18004) as a picture of one path. Loaded with the confirmation, and only then. */
import { html, type TemplateResult } from 'lit-html'
import { encode } from 'uqr'

/** `label`: what is read out for the picture. The light border that scanners need is part of it. */
export function qrCode(text: string, label: string): TemplateResult {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  let path = ''
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) path += `M${x} ${y}h1v1h-1z`
    })
  })
  return html`<svg class="g-qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff"></rect><path d=${path} fill="#000"></path>
  </svg>`
}
