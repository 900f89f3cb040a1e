// The page within another one: the same page, and a conversation with whoever is around it.
import { app, parameters } from '../main';
import { Channel } from './channel';

// Without its core the page can say what is wrong, but nothing else.
if (app.state.town) new Channel(app, parameters.parents);
