import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./work.test.ts'))
