import Users from '@lucide/svelte/icons/users'

/** In the rail; its view shows students too. */
export const place = { title: 'Ensemble', icon: Users, order: 2, shows: ['distillation'] }
