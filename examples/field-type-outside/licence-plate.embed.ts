/** What the page of an agency loads: the meaning and the view of the type. */
import { licencePlate } from './licence-plate.ts'
import { view } from './licence-plate.view.ts'

export default { type: licencePlate, view }
