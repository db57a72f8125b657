"""The server process of a measurement: python -m bench.run FILENO"""

import socket
import sys

import uvicorn

config = uvicorn.Config("bench.asgi:application", log_level="warning", access_log=False, ws="none")
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
