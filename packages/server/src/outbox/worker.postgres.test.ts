import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./worker.test.ts'))
