import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./cases.test.ts'))
