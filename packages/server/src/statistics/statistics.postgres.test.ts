import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./statistics.test.ts'))
