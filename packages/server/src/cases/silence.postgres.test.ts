import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./silence.test.ts'))
