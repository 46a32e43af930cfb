import { onPostgres } from './testing/on-postgres.ts'

onPostgres(() => import('./bad-bodies.test.ts'))
