import { mount } from 'svelte'
import App from './App.svelte'
import { connect } from './transport/connect.ts'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no element #app')
mount(App, { target, props: { ground: connect(window) } })
