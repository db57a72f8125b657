/* What a student’s class page runs, where nothing is marked. One request: collectstatic puts the scripts themselves here (literacy_game/collecting.py). */

import "./app.js";
import "./outbox.js";
import "./live.js";
