import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./releases.test.ts'))
