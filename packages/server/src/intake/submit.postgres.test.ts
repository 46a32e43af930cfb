import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./submit.test.ts'))
