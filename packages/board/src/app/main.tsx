import { render } from 'preact';
import { App } from './shell/app.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/pages.css';

const place = document.getElementById('board');
if (place !== null) render(<App />, place);
