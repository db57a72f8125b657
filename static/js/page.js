/* What pages of teachers and guests run. One request: collectstatic puts the scripts themselves here (literacy_game/collecting.py). */

import "./app.js";
import "./marking.js";
