/* What a student’s pages run. One request: collectstatic puts the scripts themselves here (literacy_game/collecting.py). */

import "./app.js";
import "./marking.js";
import "./outbox.js";
import "./timer.js";
