import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./people.test.ts'))
