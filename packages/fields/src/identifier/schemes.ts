import type { IdentifierField } from '../../generated/settings.ts'
import { afm } from './schemes/gr-afm.ts'
import { amka } from './schemes/gr-amka.ts'
import { adoazon } from './schemes/hu-adoazon.ts'
import { taj } from './schemes/hu-taj.ts'
import { iban } from './schemes/iban.ts'
import { melli } from './schemes/ir-melli.ts'
import { shenase } from './schemes/ir-shenase.ts'
import type { Scheme } from './schemes/scheme.ts'
import { cccd } from './schemes/vn-cccd.ts'

export const schemes: Readonly<Record<IdentifierField['scheme'], Scheme>> = {
  'gr.afm': afm,
  'gr.amka': amka,
  'vn.cccd': cccd,
  'hu.adoazon': adoazon,
  'hu.taj': taj,
  'ir.melli': melli,
  'ir.shenase': shenase,
  iban,
}
