import { onPostgres } from '../testing/on-postgres.ts'
import { inFolder, uploadInPartsSuite } from './upload-in-parts-suite.ts'

onPostgres(async () => uploadInPartsSuite([inFolder]))
