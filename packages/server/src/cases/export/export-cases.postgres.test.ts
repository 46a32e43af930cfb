import { onPostgres } from '../../testing/on-postgres.ts'

onPostgres(() => import('./export-cases.test.ts'))
