# A page on port 8080, to see a first deploy succeed. Replace it by your own image.
FROM busybox:stable
EXPOSE 8080
CMD ["sh", "-c", "mkdir -p /tmp/www && echo 'It works.' > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www"]
