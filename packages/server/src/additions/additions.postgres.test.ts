import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./additions.test.ts'))
