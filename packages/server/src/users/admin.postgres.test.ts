import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./admin.test.ts'))
