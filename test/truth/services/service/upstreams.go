package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// serveLazily answers every request with 200 after MS and never closes first, so that a TIME_WAIT stays with who dialled. It listens on
// PORT and, with PORTS, on those that follow.
func serveLazily() error {
	ended := make(chan error)
	for port := number("PORT", 0); port < number("PORT", 0)+number("PORTS", 1); port++ {
		listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
		if err != nil {
			return err
		}
		go func() { ended <- accept(listener, milliseconds("MS", 0)) }()
	}
	return <-ended
}

func accept(listener net.Listener, work time.Duration) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go answerLines(connection, work)
	}
}

func answerLines(connection net.Conn, work time.Duration) {
	defer connection.Close()
	for reader := bufio.NewReader(connection); ; {
		for line := " "; line != "\r\n"; {
			var err error
			if line, err = reader.ReadString('\n'); err != nil {
				return
			}
		}
		time.Sleep(work)
		if _, err := io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"); err != nil {
			return
		}
	}
}

// serveUDP answers datagrams one after another, MS each, from a receive buffer of BUFFER bytes. It accepts on the same port of TCP, for probes.
func serveUDP() error {
	socket, err := net.ListenPacket("udp", ":"+os.Getenv("PORT"))
	if err != nil {
		return err
	}
	if err := socket.(*net.UDPConn).SetReadBuffer(number("BUFFER", 1<<20)); err != nil {
		return err
	}
	go serveLazily()
	datagram := make([]byte, 2048)
	for {
		_, from, err := socket.ReadFrom(datagram)
		if err != nil {
			return err
		}
		time.Sleep(milliseconds("MS", 0))
		if _, err := socket.WriteTo([]byte("ok"), from); err != nil {
			return err
		}
	}
}

// serveDeafly listens on PORT and on the Unix path SOCKET, and accepts nothing. A handshake on PORT ends with the first byte of a request alone
// (TCP_DEFER_ACCEPT): without one it stays half open.
func serveDeafly() error {
	deferring := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		err := raw.Control(func(fd uintptr) {
			failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_DEFER_ACCEPT, 120)
		})
		if err != nil {
			return err
		}
		return failed
	}}
	path, err := net.Listen("unix", os.Getenv("SOCKET"))
	if err != nil {
		return err
	}
	defer path.Close()
	port, err := deferring.Listen(context.Background(), "tcp", ":"+os.Getenv("PORT"))
	if err != nil {
		return err
	}
	defer port.Close()
	for {
		time.Sleep(time.Hour)
	}
}
